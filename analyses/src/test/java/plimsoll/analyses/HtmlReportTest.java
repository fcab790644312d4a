package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plimsoll.dsl.Budget;

class HtmlReportTest {
    private static final String HOSTILE = "</script><img src=x onerror=\"alert(1)\">'\u202E";

    private static Host api() {
        return Host.read("../datasets/license-api").ask("ports.rate", "500/s").ask("ports.connected", "100 ms");
    }

    private static Set<String> found(String pattern, String html) {
        var found = new HashSet<String>();
        Matcher m = Pattern.compile(pattern).matcher(html);
        while (m.find()) {
            found.add(m.group(1));
        }
        return found;
    }

    @Test
    void theVerdictComesFirstThenTheEvidence() {
        String html = api().report().html();
        int verdict = html.indexOf("1 budget is over, 4 fit.");
        int glance = html.indexOf("All budgets at a glance</figcaption>");
        int evidence = html.indexOf("<h2 id=\"evidence\">");
        assertTrue(0 < verdict && verdict < glance && glance < evidence, verdict + ", " + glance + ", " + evidence);
        assertTrue(evidence < html.indexOf("<h2 id=\"doubts\">"));
        assertTrue(html.indexOf("<h2 id=\"doubts\">") < html.indexOf("<h2 id=\"sources\">"));
    }

    @Test
    void everyLinkLeadsSomewhereAndNoPlaceIsThereTwice() {
        String html = Host.read("../datasets/port-exhaustion").report().html();
        Set<String> ids = found(" id=\"([^\"]+)\"", html);
        for (String target : found("href=\"#([^\"]+)\"", html)) {
            assertTrue(ids.contains(target), target);
        }
        assertEquals(ids.size(), html.split(" id=\"", -1).length - 1);
    }

    @Test
    void aNumberLeadsToItsFormulaItsInputAndTheLineThatWasRead() {
        String html = api().report().html();
        assertTrue(html.contains("<a href=\"#b0\">30,562</a>"));
        assertTrue(found("(<td>= <a href=\"#b0-i0\">)", html).size() == 1, "the formula names its input");
        assertTrue(html.contains("id=\"b0-i0\">rate</th>"));
        Matcher read = Pattern.compile(
                        "net\\.netfilter\\.nf_conntrack_max</th><td>65,536</td><td><a href=\"#(l\\d+)\">")
                .matcher(html);
        assertTrue(read.find());
        Matcher line = Pattern.compile("<dt id=\"" + read.group(1) + "\">session.txt:\\d+</dt><dd><code>(.*?)</code>")
                .matcher(html);
        assertTrue(line.find() && line.group(1).contains("65536"));
    }

    @Test
    void itIsReadWithoutScriptsAndSmall() {
        String html = api().report().html();
        assertTrue(html.length() < 6_000_000, () -> html.length() + " characters");
        int figures = html.split("<figure", -1).length - 1;
        assertTrue(figures >= 5, figures + " figures");
        assertEquals(figures, html.split("<svg ", -1).length - 1, "each is an image without scripts");
        assertEquals(1, html.split("id=\"plotly\"", -1).length - 1);
        assertTrue(html.contains("default-src 'none'; script-src 'sha256-"));
        assertFalse(html.contains("script-src 'unsafe-inline'"));
    }

    @Test
    void capturedTextStaysText() {
        String html = Host.of(
                        """
                        $ uname -a
                        Linux %s 6.1.0 #1 SMP x86_64 GNU/Linux
                        $ sysctl net.netfilter
                        net.netfilter.nf_conntrack_count = 1
                        net.netfilter.nf_conntrack_max = 2
                        """
                                .formatted(HOSTILE))
                .report()
                .title(HOSTILE)
                .note(HOSTILE + "\nanother line")
                .html();
        assertFalse(html.contains("<img"));
        assertFalse(html.contains("\u202E"));
        assertTrue(html.contains("<h1>&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;?</h1>"));
    }

    /** A capture in which whoever was on the host could choose every name. */
    private static Report hostile() {
        return Host.of(
                        """
                        $ uname -a
                        Linux %1$s 6.1.0 #1 SMP x86_64 GNU/Linux
                        $ ss -natp
                        State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                        LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=3))
                        ESTAB 0 0 10.0.0.1:40000 10.0.0.2:443 users:(("php%1$s",pid=1,fd=3))
                        ESTAB 0 0 10.0.0.1:40001 10.0.0.2:443 users:(("php%1$s",pid=2,fd=3))
                        TIME-WAIT 0 0 10.0.0.1:40002 10.0.0.2:443
                        $ nginx -T
                        # configuration file /etc/nginx/nginx.conf:
                        worker_processes 2;
                        events { worker_connections 1024; } # raised by%1$s
                        http { server { listen 80; } }
                        """
                                .formatted(HOSTILE))
                .ask("nginx-connections.clients", "10")
                .report();
    }

    @Test
    void whoHoldsTheSocketsIsSaid() {
        String html = hostile().html();
        String name = "php" + HtmlReport.escaped(HOSTILE);
        assertTrue(
                html.contains("<th scope=\"row\" class=\"name\">" + name
                        + "</th><td class=\"n\">2</td><td class=\"n\">2</td><td>ESTAB 2</td><td>10.0.0.2:443 2</td>"),
                html);
        assertTrue(html.contains("<th scope=\"row\" class=\"name\">(no program)</th><td class=\"n\"></td>"
                + "<td class=\"n\">1</td><td>TIME-WAIT 1</td><td></td>"));
        assertFalse(Host.read("../datasets/license-api").report().html().contains("Who holds the sockets"));
    }

    @Test
    void theLineThatWasReadIsShownWithItsComment() {
        String html = hostile().html();
        assertTrue(html.contains(
                "<code>events { worker_connections 1024; } # raised by" + HtmlReport.escaped(HOSTILE) + "</code>"));
        Matcher name = Pattern.compile("<p><a href=\"#(l\\d+)\">" + Pattern.quote(HtmlReport.escaped(HOSTILE))
                        + "</a>, <a href=\"#\\1\">Linux 6.1.0</a>: ")
                .matcher(html);
        assertTrue(name.find());
        assertTrue(html.contains("<dt id=\"" + name.group(1) + "\">pasted:2</dt><dd><code>Linux "
                + HtmlReport.escaped(HOSTILE) + " 6.1.0 #1 SMP"));
        assertFalse(html.contains("<img"));
        assertFalse(html.contains("\u202E"));
    }

    @Test
    void theOtherFormsCarryTheSame() {
        Report report = hostile();
        String shown = HOSTILE.replace('\u202E', '?');
        String text = report.text();
        assertTrue(text.startsWith(shown + ", Linux 6.1.0 [pasted:2]: "), text);
        assertTrue(text.contains("  php" + shown + "  2          2        ESTAB 2      10.0.0.2:443 2\n"), text);
        String markdown = report.markdown();
        assertTrue(
                markdown.contains("| php" + MarkdownReport.escaped(shown) + " | 2 | 2 | ESTAB 2 | 10.0.0.2:443 2 |"));
        assertTrue(markdown.contains(
                "worker\\_connections 1024; \\} \\# raised by" + MarkdownReport.escaped(shown) + "\n"));
        for (String each : List.of(text, markdown)) {
            assertFalse(each.contains("\u202E"), each);
        }
        assertFalse(Pattern.compile("(?<!\\\\)<img").matcher(markdown).find(), markdown);
        assertTrue(report.json().contains("\"kernel\" : \"6.1.0\""));
    }

    @Test
    void aVeryLongLineIsCutAndThatIsSaid() {
        String html = Host.of(
                        """
                        $ nginx -T
                        # configuration file /etc/nginx/nginx.conf:
                        worker_processes 2;
                        events { worker_connections 1024; } # %s
                        http { server { listen 80; } }
                        """
                                .formatted("x".repeat(1000)))
                .ask("nginx-connections.clients", "10")
                .report()
                .html();
        assertTrue(html.contains("xxx ... (1,038 characters in all)</code>"));
    }

    @Test
    void whatIsAddedTakesThePlaceOfItsLike(@TempDir Path folder) throws Exception {
        Host host = api();
        Budget better = host.ports().with("net.ipv4.tcp_tw_reuse", "1");
        Report report = Report.of(host).title("After the incident").add(better).note("With reuse on.");
        assertEquals(host.budgets().size(), report.budgets().size());
        assertTrue(report.budgets().stream().anyMatch(b -> b == better));
        Path saved = report.save(folder.resolve("r.html").toString());
        assertTrue(Files.readString(saved).contains("<h1>After the incident</h1>"));
        assertTrue(report.toString().startsWith("After the incident\n\n"));
        assertTrue(report.toString().contains("\n\nWith reuse on.\n\n"));
        assertTrue(report.markdown().startsWith("# After the incident\n"));
        assertTrue(report.json().contains("\"title\" : \"After the incident\",\n  \"notes\" : [ \"With reuse on.\" ]"));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count(), "nothing is left aside");
        }
    }
}
