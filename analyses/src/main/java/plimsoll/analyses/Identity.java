package plimsoll.analyses;

import java.util.Optional;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.telemetry.Capture;

/**
 * Whose capture it is: an immutable value.
 *
 * @param name the host's own name where one was captured, else that of the folder or file
 * @param named where that name was read; empty where it is that of the folder or file
 * @param release the kernel's release; empty where none was captured
 * @param released where that was read
 */
record Identity(String name, String named, String release, String released) {
    static Identity of(Capture capture) {
        Facts facts = capture.facts();
        Optional<Fact> name = facts.find("uname:nodename").or(() -> facts.find("kernel.hostname"));
        Optional<Fact> release = facts.find("uname:release").or(() -> facts.find("kernel.osrelease"));
        boolean own = name.isPresent() && name.get().text().equals(capture.name());
        return new Identity(
                capture.name(),
                own ? at(name) : "",
                release.isPresent() ? release.get().text() : "",
                at(release));
    }

    private static String at(Optional<Fact> fact) {
        return fact.isPresent() ? fact.get().evidence().source() : "";
    }

    /** As one sentence begins: {@code edge-1, Linux 6.1.0 [uname.txt:1]}. */
    @Override
    public String toString() {
        boolean apart = !named.equals(released) || release.isEmpty();
        return name + (apart ? source(named) : "") + (release.isEmpty() ? "" : ", Linux " + release) + source(released);
    }

    private static String source(String at) {
        return at.isEmpty() ? "" : " [" + at + "]";
    }
}
