package plimsoll.notebooks.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;
import plimsoll.analyses.Host;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Picture;
import plimsoll.plots.Inline;

/** What values look like in a notebook, and what a session gets by itself. */
class NotebookTest {
    private static final Host LICENSE_API =
            Host.read(Path.of("..", "datasets", "license-api").toString());

    /** Types whose text is not for reading, or that a cell never ends in. */
    private static final Set<String> NEVER_SHOWN = Set.of(
            "Candidate",
            "Cells",
            "FormulaLaw",
            "Law",
            "Limits",
            "NginxConfig",
            "NginxTokens",
            "Parameter",
            "Parsed",
            "Progress",
            "Recording",
            "Scale",
            "Setting",
            "Settings",
            "Source",
            "Text",
            "WholeFile");

    private static String html(Object value) {
        return Html.of(value);
    }

    @Test
    void everyPublicTypeThatSaysSomethingIsShown() {
        Set<String> shown =
                Html.TYPES.stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
        var missing = new TreeSet<String>();
        for (JavaClass c : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("plimsoll.dsl", "plimsoll.analyses", "plimsoll.telemetry")) {
            boolean says = c.tryGetMethod("toString").isPresent() || c.isInterface();
            if (c.getModifiers().contains(JavaModifier.PUBLIC) && c.isTopLevelClass() && says && !c.isEnum()) {
                missing.add(c.getSimpleName());
            }
        }
        missing.removeAll(shown);
        missing.removeIf(name -> NEVER_SHOWN.contains(name) || name.endsWith("Writer"));
        assertEquals(Set.of(), missing, "these go into Html.TYPES, or into NEVER_SHOWN");
    }

    @Test
    void aBudgetHasItsVerdictAndItsWorking() {
        String html = html(LICENSE_API.ports("500/s").with("connected", "100 ms"));
        assertTrue(
                html.startsWith(
                        "<p style=\"font-weight:bold;color:#d55e00\">ports OVER: 30,562 of at most 28,232 (108%)"),
                html);
        assertTrue(
                html.contains("<td style=\"text-align:left\">rate</td><td style=\"text-align:left\">500/s</td>"), html);
        assertTrue(html.contains("GIVEN (you)"), html);
    }

    @Test
    void aRemedyHasItsRiskAndTheLinesForItsFile() {
        Budget ports = LICENSE_API.ports("500/s").with("connected", "100 ms");
        String html = html(ports.remedies());
        assertTrue(html.startsWith("<p style=\"font-weight:bold;color:#d55e00\">ports OVER: 30,562"), html);
        assertTrue(html.contains("<details><summary>tcp_tw_reuse=1: FITS 1.9%;"), html);
        assertTrue(html.contains("<li>risk: "), html);
        assertTrue(html.contains("<pre># /etc/sysctl.d/90-plimsoll.conf\nnet.ipv4.tcp_tw_reuse = 1</pre>"), html);
        assertTrue(html.contains("<summary>advice that is refused</summary><ul><li>net.ipv4.tcp_fin_timeout: "), html);
        assertTrue(html(ports.remedies().get(0)).contains("proxy_http_version 1.1;"), html);
        assertEquals("<p>nothing is OVER, so nothing to mend</p>\n", html(LICENSE_API.remedies()));
        assertTrue(html(LICENSE_API.conntrack().remedies()).endsWith("<p>nothing to mend</p>\n"));
    }

    @Test
    void aHostHasItsBudgetsAndWhatWouldDecideTheOthers() {
        String html = html(LICENSE_API);
        assertTrue(html.startsWith("<p>host license-api: "), html);
        assertTrue(html.contains("34,210</td><td style=\"text-align:right\">65,536</td>"), html);
        assertTrue(html.contains("<summary>UNKNOWN, and what would decide</summary><ul><li>"), html);
    }

    @Test
    void aLongTableIsCutWithASentence() {
        String sockets = IntStream.range(0, 1234)
                .mapToObj(i -> "ESTAB 0 0 10.0.0.1:" + (20_000 + i) + " 10.0.0.2:443\n")
                .collect(Collectors.joining("", "State Recv-Q Send-Q Local Address:Port Peer Address:Port\n", ""));
        Host host = Host.of(sockets);
        for (Object table : List.of(host.rows("sockets"), host.table("sockets"))) {
            String html = html(table);
            assertEquals(Html.ROWS + 1, html.split("<tr>", -1).length - 1, "a head and the first rows");
            assertTrue(html.contains("The first 20 of 1,234 are shown; "), html);
            assertTrue(html.contains("columns without a value in these rows: "), html);
            assertFalse(html.contains("<th style=\"text-align:left\">process</th>"), html);
        }
        assertFalse(html(host.rows("sockets").count("state")).contains("are shown"), "a short one is not");
    }

    @Test
    void listsOfEveryKindAreShownInOneWay() {
        Host host = Host.of(
                """
                $ nstat -az
                #kernel
                TcpExtTCPTimeWaitOverflow       17                 0.0
                TcpExtListenDrops               3                  0.0
                """);
        String html = html(host.symptoms());
        assertTrue(host.symptoms().size() > 0);
        assertTrue(
                html.contains("<th style=\"text-align:left\">counter</th><th style=\"text-align:right\">value</th>"),
                html);
        assertTrue(html.contains("TCPTimeWaitOverflow"), html);
        assertEquals("<p>no doubts</p>\n", html(host.doubts()));
        assertTrue(html(LICENSE_API.compare(LICENSE_API.with("net.ipv4.tcp_tw_reuse", "1")))
                .contains("tcp_tw_reuse"));
    }

    @Test
    void aPictureIsAnImageThatPlotlyMayReplace() {
        Picture picture = LICENSE_API
                .ports("500/s")
                .with("connected", "100 ms")
                .sweep("rate", "0/s", "800/s")
                .plot();
        String html = html(picture);
        assertTrue(html.startsWith(Inline.FIGURE), html);
        assertTrue(html.contains("src=\"data:image/png;base64,iVBORw0KGgo"), "the PNG's signature");
        assertTrue(html.contains(" data-picture=\"{&quot;data&quot;:["), html);
        assertFalse(html.contains("<script"), "a host that takes away tags but not what is in them leaves no litter");
        String library = html(Notebook.plotly());
        assertTrue(library.startsWith(Inline.LIBRARY) && library.length() < 4_000_000, () -> "" + library.length());
    }

    @Test
    void theImportsAreThereFromTheFirstCellAndNothingIsEmptied() {
        TestKernel kernel = TestKernel.started();
        try {
            assertEquals(Host.class, kernel.evalRaw("Host.class"));
            kernel.evalRaw("var kept = List.of(Budget.class, Duration.ZERO, Table.class)");
            new JJavaExtension().install(kernel);
            assertEquals(3, kernel.evalRaw("kept.size()"));
        } finally {
            kernel.onShutdown(false);
        }
    }

    @Test
    void textStandsBesideTheHtml() {
        TestKernel kernel = TestKernel.started();
        try {
            DisplayData shown = kernel.getRenderer().render(LICENSE_API.ports("500/s"));
            assertEquals(LICENSE_API.ports("500/s").toString(), shown.getData(MIMEType.TEXT_PLAIN));
            assertEquals(html(LICENSE_API.ports("500/s")), shown.getData(MIMEType.TEXT_HTML));
            assertEquals("1", kernel.getRenderer().render(1).getData(MIMEType.TEXT_PLAIN));
        } finally {
            kernel.onShutdown(false);
        }
    }

    @Test
    void theFileOfImportsHoldsThem() throws IOException {
        assertEquals(
                Notebook.script(Stream.concat(Notebook.JSHELL.stream(), Notebook.imports().stream())
                                .toList())
                        + "\n",
                Files.readString(Path.of("imports.jsh")));
    }

    /** A class that no jar has any more would keep the service silent for ever. */
    @Test
    void rapaiosServiceWaitsForNothingThatNeverComes() throws ClassNotFoundException {
        for (String name : RapaioProvider.NEEDED) {
            Class.forName(name, false, NotebookTest.class.getClassLoader());
        }
        assertTrue(RapaioProvider.NEEDED.size() > 10, RapaioProvider.NEEDED::toString);
    }

    @Test
    void rapaiosServiceStaysSilentUntilEverythingIsThere() throws Exception {
        // the jar alone with the kernel: as when it is the first of many that come one by one
        Path classes = Path.of("target", "classes");
        var urls = new java.net.URL[] {
            classes.toUri().toURL(),
            org.rapaio.jupyter.kernel.display.DisplayRenderer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
        };
        try (var alone = new java.net.URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Object provider = alone.loadClass(RapaioProvider.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertEquals(
                    List.of(),
                    provider.getClass().getMethod("getDisplayRenderers").invoke(provider));
            assertEquals(
                    List.of(),
                    provider.getClass().getMethod("getDisplayTransformers").invoke(provider));
        }
    }
}
