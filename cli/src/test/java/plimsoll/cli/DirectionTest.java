package plimsoll.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows between modules point downwards only, and no value keeps a Tablesaw type. */
@AnalyzeClasses(packages = "plimsoll", importOptions = ImportOption.DoNotIncludeTests.class)
class DirectionTest {
    @ArchTest
    static final ArchRule LAYERS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("dsl")
            .definedBy("plimsoll.dsl..")
            .layer("plots")
            .definedBy("plimsoll.plots..")
            .layer("telemetry")
            .definedBy("plimsoll.telemetry..")
            .layer("analyses")
            .definedBy("plimsoll.analyses..")
            .layer("notebooks")
            .definedBy("plimsoll.notebooks..")
            .layer("cli")
            .definedBy("plimsoll.cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("notebooks")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("analyses")
            .mayOnlyBeAccessedByLayers("notebooks", "cli")
            .whereLayer("telemetry")
            .mayOnlyBeAccessedByLayers("analyses", "notebooks", "cli")
            // a service: what starts often names none of its classes
            .whereLayer("plots")
            .mayOnlyBeAccessedByLayers("notebooks");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("plimsoll.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_TABLE_IN_A_VALUE = noFields()
            .should()
            .haveRawType(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "of Tablesaw", type -> type.getPackageName().startsWith("tech.tablesaw")));
}
