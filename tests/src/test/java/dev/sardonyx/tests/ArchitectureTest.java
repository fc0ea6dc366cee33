package dev.sardonyx.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The borders between modules and packages, which javac alone does not hold. */
@AnalyzeClasses(packages = "dev.sardonyx", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule modules_depend_one_way = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("compiler")
            .definedBy("dev.sardonyx.compiler..")
            .layer("codegen")
            .definedBy("dev.sardonyx.codegen..")
            .layer("runtime")
            .definedBy("dev.sardonyx.runtime..")
            .whereLayer("compiler")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("codegen")
            .mayOnlyBeAccessedByLayers("compiler");

    @ArchTest
    static final ArchRule runtime_needs_nothing_but_the_jdk = classes()
            .that()
            .resideInAPackage("dev.sardonyx.runtime..")
            .and()
            .resideOutsideOfPackage("dev.sardonyx.runtime.opencl..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sardonyx.runtime..",
                    "java..",
                    "javax.imageio..",
                    "jdk.incubator.vector..",
                    "jdk.jfr..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule opencl_stays_in_its_own_package = noClasses()
            .that()
            .resideInAPackage("dev.sardonyx.runtime..")
            .and()
            .resideOutsideOfPackage("dev.sardonyx.runtime.opencl..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sardonyx.runtime.opencl..", "org.jocl..");

    @ArchTest
    static final ArchRule executor_does_not_know_its_command_line = noClasses()
            .that()
            .resideInAPackage("dev.sardonyx.runtime..")
            .and()
            .resideOutsideOfPackage("dev.sardonyx.runtime.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sardonyx.runtime.cli..");

    @ArchTest
    static final ArchRule protobuf_stays_in_the_importer = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sardonyx.compiler.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.protobuf..", "ai.onnx..", "org.tribuo..");

    @ArchTest
    static final ArchRule packages_form_no_cycle =
            slices().matching("dev.sardonyx.(**)").should().beFreeOfCycles();
}
