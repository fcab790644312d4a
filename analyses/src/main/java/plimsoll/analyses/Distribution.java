package plimsoll.analyses;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;

/**
 * What a release of a distribution ships, as far as a version decides what can be printed: an immutable value.
 */
record Distribution(String id, String version, String name, String kernel, String iproute2, String sysstat) {
    // only releases whose packages were looked at: a version from memory would raise doubts that are false
    private static final List<Distribution> KNOWN =
            List.of(new Distribution("debian", "12", "Debian 12", "6.1", "6.1", "12.6.1"));

    /** The release that os-release names, where it is one whose versions are known. */
    static Optional<Distribution> of(Facts facts) {
        String id = facts.find("os:ID").map(Fact::text).orElse("");
        String version = facts.find("os:VERSION_ID").map(Fact::text).orElse("");
        return KNOWN.stream()
                .filter(d -> d.id.equals(id) && d.version.equals(version))
                .findFirst();
    }

    /** True where version {@code one} is {@code other} or later: {@code 6.1.0-18-amd64} is at least {@code 5.15}. */
    static boolean atLeast(String one, String other) {
        return Arrays.compare(parts(one), parts(other)) >= 0;
    }

    private static int[] parts(String version) {
        return Arrays.stream(version.replaceFirst("[^0-9.].*", "").split("\\."))
                .filter(p -> p.matches("\\d{1,9}"))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
