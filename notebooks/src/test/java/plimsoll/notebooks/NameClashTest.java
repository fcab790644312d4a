package plimsoll.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.junit.jupiter.api.Test;

/** No public name of ours is also one of another import of the shell: it could be used in none of them without its package. */
class NameClashTest {
    private static List<String> packages() {
        return Session.imports().stream()
                .filter(i -> i.endsWith(".*"))
                .map(i -> i.replaceFirst("^import ", "").replaceFirst("\\.\\*$", ""))
                .toList();
    }

    private static List<JavaClass> ours() {
        return new ClassFileImporter()
                .importPackages("plimsoll").stream()
                        .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC) && !c.isNestedClass())
                        .filter(c -> packages().contains(c.getPackageName())
                                || c.getName().equals(Exit.class.getName()))
                        .toList();
    }

    @Test
    void namesAreFreeInEveryOtherImport() {
        List<String> others =
                Stream.concat(Stream.of("java.lang"), packages().stream()).toList();
        var clashes = new ArrayList<String>();
        for (JavaClass c : ours()) {
            for (String other : others) {
                if (!other.equals(c.getPackageName()) && exists(other + "." + c.getSimpleName())) {
                    clashes.add(c.getSimpleName() + ": " + c.getPackageName() + " and " + other);
                }
            }
        }
        assertEquals(List.of(), clashes);
        assertTrue(ours().size() > 30, ours()::toString);
    }

    /** Tablesaw's own against Java's: what is said here cannot be mended, only known. */
    private static boolean exists(String name) {
        try {
            Class<?> found = Class.forName(name, false, NameClashTest.class.getClassLoader());
            return Modifier.isPublic(found.getModifiers());
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Test
    void everyNameCompilesInTheShell() {
        try (Session session = Session.open()) {
            String all = ours().stream()
                    .map(c -> c.getSimpleName() + ".class")
                    .collect(Collectors.joining(", ", "Class<?>[] all = {", "};"));
            assertEquals(
                    "",
                    session.eval(all).failure().map(Session.Failure::message).orElse(""));
            assertEquals(
                    "",
                    session.eval("Class<?>[] others = {Table.class, Duration.class, Path.class, List.class};")
                            .failure()
                            .map(Session.Failure::message)
                            .orElse(""));
        }
    }

    @Test
    void theDefaultImportsAreThoseOfJShell() throws Exception {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        JavaShellToolBuilder.builder()
                .in(new ByteArrayInputStream("/list -start\n/exit\n".getBytes(StandardCharsets.UTF_8)), null)
                .persistence(new java.util.HashMap<>())
                .out(print)
                .err(print)
                .start("--startup", "DEFAULT", "--execution", "local");
        List<String> listed = out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.contains("import "))
                .map(l -> l.substring(l.indexOf("import ")).replace(";", "").strip())
                .toList();
        if (listed.equals(List.of("import module java.base"))) {
            // so since JDK 23: the module's packages, among them those listed before, but for the one of another module
            assertEquals(
                    List.of("import java.util.prefs.*"),
                    Session.imports().stream()
                            .filter(i -> i.startsWith("import java.") && i.endsWith(".*"))
                            .filter(i -> !exportedByJavaBase(
                                    i.replaceFirst("^import ", "").replaceFirst("\\.\\*$", "")))
                            .toList());
        } else {
            assertEquals(listed, Session.imports().subList(0, listed.size()));
        }
    }

    private static boolean exportedByJavaBase(String name) {
        return Object.class.getModule().getDescriptor().exports().stream()
                .anyMatch(e -> !e.isQualified() && e.source().equals(name));
    }
}
