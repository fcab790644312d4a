package plimsoll.telemetry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The second pass through a capture: what one file says is used to read another. Configuration files are put together with what they
 * include, and access logs are read by the {@code log_format} they were written with.
 */
final class Informed {
    private Informed() {}

    /**
     * The readings of each file again, better where another file helps.
     *
     * @param links what links in the capture are called, and where they lead
     */
    static List<List<Reading>> of(List<List<Reading>> perFile, Map<String, String> links) {
        List<List<Reading>> configured = NginxFiles.together(perFile, links);
        List<NginxConfig> configs = configured.stream()
                .flatMap(List::stream)
                .filter(r -> r.source().filter(NginxSource.class::isInstance).isPresent())
                .flatMap(r -> r.parsed().rows().stream())
                .map(NginxConfig::of)
                .toList();
        NginxAccessSource logs = NginxAccessSource.informed(configs);
        return configured.stream()
                .map(readings -> readings.stream().map(r -> again(r, logs)).toList())
                .toList();
    }

    private static Reading again(Reading reading, NginxAccessSource logs) {
        boolean may = !reading.known()
                || reading.source().filter(NginxAccessSource.class::isInstance).isPresent();
        return may && logs.match(reading.text()) == Source.Match.SURE
                ? new Reading(reading.text(), Optional.of(logs), logs.parse(reading.text()))
                : reading;
    }
}
