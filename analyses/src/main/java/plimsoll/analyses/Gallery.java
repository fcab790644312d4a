package plimsoll.analyses;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import plimsoll.dsl.Picture;

/** Every picture of a host that there is, by its name. */
final class Gallery {
    static final Map<String, Painter> ALL = all();

    private Gallery() {}

    /**
     * Draws one picture.
     *
     * @param needs what a capture has to hold for it
     * @param law draws it, where there is enough
     */
    record Painter(String needs, Function<Host, Optional<Picture>> law) {
        Optional<Picture> draw(Host host) {
            return law.apply(host);
        }
    }

    private static Map<String, Painter> all() {
        var all = new LinkedHashMap<String, Painter>();
        all.put("glance", new Painter("any budget", host -> Optional.of(host.plot())));
        all.put("states", new Painter("counts of sockets by state, as of ss -s or ss -tan", SocketPictures::states));
        all.put("destinations", new Painter("a whole listing of sockets, as of ss -tan", SocketPictures::destinations));
        all.put("pools", new Painter("a whole listing of sockets, as of ss -tan", SocketPictures::pools));
        all.put(
                "last-minute",
                new Painter(
                        "the timers of sockets in TIME-WAIT, as of ss -tano or /proc/net/tcp",
                        SocketPictures::lastMinute));
        all.put("ports-over-time", new Painter("a rate, as host.ask(\"ports.rate\", \"500/s\")", TimePictures::ports));
        all.put(
                "conntrack-over-time",
                new Painter(
                        "net.netfilter.nf_conntrack_max and a rate, as host.ask(\"conntrack.rate\", \"500/s\")",
                        TimePictures::conntrack));
        all.put(
                "dirty-over-time",
                new Painter(
                        "/proc/vmstat and rates, as host.ask(\"dirty-pages.write\", \"100 MiB/s\") and \"dirty-pages.drain\"",
                        TimePictures::dirty));
        all.put(
                "conntrack-chains",
                new Painter("the entries and buckets of connection tracking", ConntrackPictures::chains));
        String nginx = "an nginx configuration with fastcgi_pass, as of nginx -T";
        all.put("buffer-writes", new Painter(nginx, BufferPictures::writes));
        all.put("buffer-memory", new Painter(nginx, BufferPictures::memory));
        all.put("disks", new Painter("reports of iostat -x", DiskPictures::overTime));
        all.put("connections", new Painter("packets, as of tcpdump -nn", PacketPictures::timeline));
        return Collections.unmodifiableMap(all);
    }
}
