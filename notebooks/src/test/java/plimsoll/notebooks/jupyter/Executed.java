package plimsoll.notebooks.jupyter;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import plimsoll.plots.Inline;

/** A tour run in a kernel of this JVM, as a notebook with its outputs: what is kept beside the script. */
final class Executed {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the data sets lie, seen from the root, from a notebook, and from this module. */
    private static final String ROOT = "\"datasets/";

    private static final String NOTEBOOK = "\"../../datasets/";
    private static final String MODULE = "\"../datasets/";

    /** The bytes of an image depend on fonts and on the JDK. */
    private static final Pattern IMAGE = Pattern.compile("(data:image/png;base64,)[A-Za-z0-9+/=]+");

    private static final Pattern LIBRARY =
            Pattern.compile(Pattern.quote(Inline.LIBRARY) + ".*?</script>\n?", Pattern.DOTALL);

    private Executed() {}

    /** The notebook of a tour. Throws what a cell throws. */
    static String notebook(String script) {
        TestKernel kernel = TestKernel.started();
        try {
            ObjectNode notebook = JSON.createObjectNode();
            ArrayNode cells = notebook.putArray("cells");
            int runs = 0;
            for (TourNotebook.Cell cell : TourNotebook.of(script).cells()) {
                ObjectNode node = cells.addObject();
                node.put("cell_type", cell.code() ? "code" : "markdown");
                if (cell.code()) {
                    node.put("execution_count", ++runs);
                }
                node.put("id", "cell-" + cells.size());
                ObjectNode metadata = node.putObject("metadata");
                if (cell.code()) {
                    if (cell.varies()) {
                        metadata.putArray("tags").add("volatile");
                    }
                    ArrayNode outputs = node.putArray("outputs");
                    run(kernel, cell, outputs, runs);
                    // what varies is of the machine that made it: only its pictures are kept
                    if (cell.varies() && !outputs.toString().contains("<figure ")) {
                        outputs.removeAll();
                    }
                }
                lines(node.putArray("source"), cell.source().replace(ROOT, NOTEBOOK));
            }
            ObjectNode metadata = notebook.putObject("metadata");
            metadata.putObject("kernelspec")
                    .put("display_name", "Java")
                    .put("language", "java")
                    .put("name", "java");
            metadata.putObject("language_info")
                    .put("file_extension", ".java")
                    .put("mimetype", "text/x-java-source")
                    .put("name", "java");
            notebook.put("nbformat", 4).put("nbformat_minor", 5);
            return written(notebook);
        } finally {
            kernel.onShutdown(false);
        }
    }

    private static void run(TestKernel kernel, TourNotebook.Cell cell, ArrayNode outputs, int count) {
        PrintStream before = System.out;
        var printed = new ByteArrayOutputStream();
        Object value;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            value = kernel.evalRaw(cell.source().replace(ROOT, MODULE));
        } finally {
            System.setOut(before);
        }
        if (printed.size() > 0) {
            ObjectNode output = outputs.addObject().put("name", "stdout").put("output_type", "stream");
            lines(output.putArray("text"), printed.toString(StandardCharsets.UTF_8));
        }
        if (value != null) {
            DisplayData shown = kernel.getRenderer().render(value);
            ObjectNode output = outputs.addObject();
            ObjectNode data = output.putObject("data");
            if (shown.hasDataForType(MIMEType.TEXT_HTML)) {
                String html = shown.getData(MIMEType.TEXT_HTML).toString();
                lines(data.putArray("text/html"), LIBRARY.matcher(html).replaceAll(""));
            }
            lines(
                    data.putArray("text/plain"),
                    shown.getData(MIMEType.TEXT_PLAIN).toString());
            output.put("execution_count", count);
            output.putObject("metadata");
            output.put("output_type", "execute_result");
        }
    }

    /** As notebooks keep text: a list of lines, each but the last with its end. */
    private static void lines(ArrayNode to, String text) {
        for (String line : text.split("(?<=\n)", -1)) {
            if (!line.isEmpty()) {
                to.add(line);
            }
        }
    }

    private static String written(ObjectNode notebook) {
        var indent = new DefaultIndenter(" ", "\n");
        try {
            return JSON.writer(new DefaultPrettyPrinter()
                                    .withArrayIndenter(indent)
                                    .withObjectIndenter(indent))
                            .writeValueAsString(notebook)
                    + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A notebook without what may differ from run to run. */
    static String comparable(String notebook) throws IOException {
        ObjectNode tree = (ObjectNode) JSON.readTree(IMAGE.matcher(notebook).replaceAll("$1"));
        for (var cell : tree.get("cells")) {
            if (cell.at("/metadata/tags/0").asText().equals("volatile")) {
                ((ObjectNode) cell).putArray("outputs");
            }
        }
        return written(tree);
    }
}
