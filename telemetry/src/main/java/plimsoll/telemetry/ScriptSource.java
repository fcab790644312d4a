package plimsoll.telemetry;

/** A program that lies beside a capture, as the script that took it: what it prints is telemetry, what it says is not. */
final class ScriptSource implements Source {
    @Override
    public String name() {
        return "script";
    }

    /** By the interpreter that execve(2) starts for it. */
    @Override
    public boolean begins(String line) {
        return line.startsWith("#!/") || line.startsWith("#! /");
    }

    @Override
    public boolean uncut() {
        return true;
    }

    @Override
    public Parsed parse(Text text) {
        return Parsed.aside(text);
    }
}
