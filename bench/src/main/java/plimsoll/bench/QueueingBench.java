package plimsoll.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import plimsoll.dsl.Queueing;

/** Time of one call of the queueing laws, for a port range and for a million servers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class QueueingBench {

    @Param({"28232", "1000000"})
    public long servers;

    /** As much load as servers: the longest sums. */
    @Benchmark
    public double erlangB() {
        return Queueing.erlangB((double) servers, servers);
    }

    /** The textbook recursion, for comparison. */
    @Benchmark
    public double erlangBRecursion() {
        double inverse = 1;
        for (long k = 1; k <= servers; k++) {
            inverse = 1 + inverse * k / servers;
        }
        return 1 / inverse;
    }

    @Benchmark
    public double erlangBOffered() {
        return Queueing.erlangBOffered(5e-4, servers);
    }

    @Benchmark
    public long erlangBServers() {
        return Queueing.erlangBServers((double) servers, 5e-4);
    }

    @Benchmark
    public double poissonTail() {
        return Queueing.poissonTail((double) servers, servers);
    }
}
