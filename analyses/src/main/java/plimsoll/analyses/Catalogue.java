package plimsoll.analyses;

import java.util.List;
import java.util.stream.Collectors;
import plimsoll.dsl.Law;

/** The catalogue of laws, one line each. */
final class Catalogue {
    static final List<Law> ALL = List.of(
            new Ports(),
            new BoundPorts(),
            new NatPorts(),
            new TimeWaitSockets(),
            new FinWait2(),
            new Orphans(),
            new Conntrack(),
            new ConntrackDepth(),
            new AcceptQueue(),
            new SynQueue(),
            new SocketMemory(),
            new TcpWindow(),
            new FileDescriptors(),
            new FastcgiBuffers(),
            new DirtyPages(),
            new StreamBuffers(NginxBuffers.Family.PROXY),
            new StreamBuffers(NginxBuffers.Family.UWSGI),
            new StreamBuffers(NginxBuffers.Family.SCGI),
            new FpmWorkers(),
            new FpmMemory(),
            new RedisClients(),
            new OpcacheKeys(),
            new OpcacheStrings(),
            new OpcacheMemory(),
            new Reload(),
            new Keepalive(),
            new Disk(),
            new BufferMemory(),
            new NginxConnections(),
            new DiskSpace(),
            new Inodes(),
            new Journal(),
            new Cgroup(),
            new Tasks());

    private Catalogue() {}

    /** The law of that name. Throws {@link IllegalArgumentException} where there is none, naming those there are. */
    static Law law(String name) {
        return ALL.stream()
                .filter(l -> l.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no budget '" + name + "'; there are "
                        + ALL.stream().map(Law::name).collect(Collectors.joining(", "))));
    }
}
