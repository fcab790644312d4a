package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HomeTest {
    @Test
    void everyClassLivesInTheModuleItsPackageNames() {
        var strays = new ArrayList<String>();
        var modules = new TreeSet<String>();
        for (JavaClass c : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("plimsoll")) {
            String module = c.getPackageName().split("\\.", -1)[1];
            modules.add(module);
            String from = c.getSource().orElseThrow().getUri().toString();
            if (!from.contains("/" + module + "/target/") && !from.contains("plimsoll-" + module + "-")) {
                strays.add(c.getName() + " in " + from);
            }
        }
        assertEquals(List.of(), strays);
        assertTrue(
                modules.containsAll(List.of("analyses", "cli", "dsl", "notebooks", "telemetry")), modules.toString());
    }
}
