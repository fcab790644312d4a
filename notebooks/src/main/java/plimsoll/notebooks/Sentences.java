package plimsoll.notebooks;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Runs the snippets of the interactive shell as JShell does by default, and takes our own lines out of the stack of what our own code
 * refuses: its sentence says what was wrong, and what is left is the line that was typed. Whatever else is thrown keeps its stack. A
 * service, because JShell takes it in no other way.
 */
public final class Sentences implements ExecutionControlProvider {
    static final String NAME = "plimsoll";

    /** JShell's own default (jdk.jshell.JShell.Builder.executionEngine). */
    private static final String DEFAULT = "failover:0(jdi:hostname(127.0.0.1)),1(jdi:launch(true)),2(jdi)";

    /** Whether the message of an exception of this class is a sentence that says it all; empty where there is no message. */
    static boolean is(String type, Optional<String> message) {
        return message.isPresent()
                && (type.startsWith("plimsoll.")
                        || type.equals(IllegalArgumentException.class.getName())
                        || type.equals(UncheckedIOException.class.getName()));
    }

    /** For the service loader. */
    public Sentences() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) throws Throwable {
        return new Trimmed(ExecutionControl.generate(env, DEFAULT));
    }

    /** Without our lines and what they were caused by, where our code has thrown a sentence; else as it is. */
    static ExecutionControl.UserException trimmed(ExecutionControl.UserException thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        boolean ours = Arrays.stream(stack)
                .map(StackTraceElement::getClassName)
                .filter(c -> !c.startsWith("java."))
                .findFirst()
                .filter(c -> c.startsWith("plimsoll."))
                .isPresent();
        if (!ours || !is(thrown.causeExceptionClass(), Optional.ofNullable(thrown.getMessage()))) {
            return thrown;
        }
        StackTraceElement[] typed = Arrays.stream(stack)
                .filter(e -> e.getClassName().startsWith("REPL."))
                .toArray(StackTraceElement[]::new);
        return new ExecutionControl.UserException(thrown.getMessage(), thrown.causeExceptionClass(), typed);
    }

    private record Trimmed(ExecutionControl jdi) implements ExecutionControl {
        @Override
        public String invoke(String className, String methodName)
                throws RunException, EngineTerminationException, InternalException {
            try {
                return jdi.invoke(className, methodName);
            } catch (UserException e) {
                throw trimmed(e);
            }
        }

        @Override
        public void load(ClassBytecodes[] classes)
                throws ClassInstallException, NotImplementedException, EngineTerminationException {
            jdi.load(classes);
        }

        @Override
        public void redefine(ClassBytecodes[] classes)
                throws ClassInstallException, NotImplementedException, EngineTerminationException {
            jdi.redefine(classes);
        }

        @Override
        public String varValue(String className, String variable)
                throws RunException, EngineTerminationException, InternalException {
            return jdi.varValue(className, variable);
        }

        @Override
        public void addToClasspath(String path) throws EngineTerminationException, InternalException {
            jdi.addToClasspath(path);
        }

        @Override
        public void stop() throws EngineTerminationException, InternalException {
            jdi.stop();
        }

        @Override
        public Object extensionCommand(String command, Object argument)
                throws RunException, EngineTerminationException, InternalException {
            return jdi.extensionCommand(command, argument);
        }

        @Override
        public void close() {
            jdi.close();
        }
    }
}
