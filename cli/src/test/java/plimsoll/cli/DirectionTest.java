package plimsoll.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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
            .whereLayer("plots")
            .mayOnlyBeAccessedByLayers("analyses", "notebooks");

    /** What starts often names no class of plots, which are loaded as a service; the page of a report is made of them. */
    @ArchTest
    static final ArchRule ONLY_THE_PAGE_IS_PLOTTED = noClasses()
            .that()
            .resideInAPackage("plimsoll.analyses..")
            .and()
            .doNotHaveSimpleName("HtmlReport")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("plimsoll.plots..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("plimsoll.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_TABLE_IN_A_VALUE = noFields()
            .should()
            .haveRawType(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "of Tablesaw", type -> type.getPackageName().startsWith("tech.tablesaw")));
}
