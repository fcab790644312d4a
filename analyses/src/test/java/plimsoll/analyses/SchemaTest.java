package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON report against the schema that is published. */
class SchemaTest {
    private static List<Error> wrong(String json) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../docs/report.schema.json")), InputFormat.JSON);
        return schema.validate(json, InputFormat.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"changing-load", "fin-wait-2-history", "license-api", "license-api-proxied", "port-exhaustion"})
    void everyReportIsAsPublished(String dataset) throws IOException {
        assertEquals(
                List.of(), wrong(Host.read("../datasets/" + dataset).report().json()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kernel\" : \"6",
                "\"program\" : \"python3\"",
                "\"to\" : \"10.9.0.2:9001\"",
                "\"source\" : \"client/uname.txt:1\""
            })
    void whatWasReadIsInIt(String field) {
        String json = Host.read("../datasets/port-exhaustion").report().json();
        assertTrue(json.contains(field), json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"verdict\" : \"OVER\"", "\"unit\" : \"1/s\"", "\"kind\" : \"GIVEN\"", "\"low\" : 0.0"})
    void anotherWordIsNot(String field) throws IOException {
        String json = Host.read("../datasets/license-api")
                .ask("ports.rate", "500/s")
                .report()
                .title("t")
                .note("n")
                .json();
        assertEquals(List.of(), wrong(json));
        String value = field.substring(field.indexOf(':') + 2).replace("\"", "");
        assertFalse(
                wrong(json.replace(field, field.replace(value, field.endsWith("\"") ? "OTHER" : "2.0")))
                        .isEmpty(),
                field);
    }
}
