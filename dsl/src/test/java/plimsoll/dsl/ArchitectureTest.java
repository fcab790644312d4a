package plimsoll.dsl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Values are immutable, and Tablesaw stays at the edge: tables are made fresh and handed out, never kept or taken. */
@AnalyzeClasses(packages = "plimsoll.dsl", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> TABLESAW =
            JavaClass.Predicates.resideInAPackage("tech.tablesaw..").as("Tablesaw's");

    @ArchTest
    static final ArchRule noTableIsKept =
            fields().should().notHaveRawType(TABLESAW).because("a table is mutable");

    @ArchTest
    static final ArchRule noTableIsTaken = codeUnits()
            .that()
            .areNotPrivate()
            .should()
            .notHaveRawParameterTypes(DescribedPredicate.anyElementThat(TABLESAW))
            .because("a table is mutable");

    @ArchTest
    static final ArchRule tablesAreHandedOutByOneName =
            methods().that().haveRawReturnType(TABLESAW).should().haveName("table");

    @ArchTest
    static final ArchRule fieldsAreFinal = fields().should().beFinal();

    @ArchTest
    static final ArchRule nothingPublicCanBeExtended = classes()
            .that()
            .arePublic()
            .should(new ArchCondition<>("be final, an enum or an interface") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean closed = type.isInterface()
                            || type.isEnum()
                            || type.getModifiers().contains(JavaModifier.FINAL);
                    events.add(new SimpleConditionEvent(type, closed, type.getName() + " can be extended"));
                }
            });
}
