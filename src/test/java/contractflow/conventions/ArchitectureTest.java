package contractflow.conventions;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import contractflow.support.RouteFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packages use each other downwards only, and none of them, nor a class, is too large to be read. */
class ArchitectureTest {

    private static final int MOST_CLASSES = 15;
    private static final int MOST_LINES = 250;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("contractflow");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failure   | ",
                "config    | failure",
                "contract  | config failure",
                "warehouse | config failure",
                "api       | contract config failure",
                "feed      | api contract warehouse config failure",
                "run       | feed api contract warehouse config failure",
                "observe   | run feed api contract warehouse config failure",
                "report    | observe run feed api contract warehouse config failure",
                "check     | run feed api contract warehouse config failure",
                "page      | observe run feed api contract warehouse config failure",
                "sandbox   | api contract config failure",
                "rehearsal | warehouse contract config failure",
                "process   | check page sandbox report observe run feed api contract warehouse config failure",
                "cli       | rehearsal process check page sandbox report observe run feed api contract warehouse config failure",
            })
    void package_usesOnlyWhatIsBelowIt(String name, String below) {
        String[] allowed = Stream.concat(
                        Stream.of(name), Stream.ofNullable(below).flatMap(names -> Stream.of(names.split(" "))))
                .map(ArchitectureTest::withSubpackages)
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(withSubpackages(name))
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage("contractflow..").or(resideInAnyPackage(allowed)))
                .check(CLASSES);
    }

    private static String withSubpackages(String name) {
        return "contractflow." + name + "..";
    }

    @Test
    void everyClass_isInOneOfThesePackages() {
        String[] packages = Stream.of(
                        "failure",
                        "config",
                        "contract",
                        "warehouse",
                        "api",
                        "feed",
                        "run",
                        "observe",
                        "report",
                        "check",
                        "page",
                        "sandbox",
                        "rehearsal",
                        "process",
                        "cli")
                .map(ArchitectureTest::withSubpackages)
                .toArray(String[]::new);

        classes()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .haveSimpleName("ContractFlow")
                .orShould()
                .haveSimpleName("package-info")
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("contractflow.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheProcessAndTheCommandLine_callRoutes() {
        noClasses()
                .that()
                .resideOutsideOfPackages(withSubpackages("cli"), withSubpackages("process"))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProducerTemplate.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(FluentProducerTemplate.class)
                .check(CLASSES);
    }

    @Test
    void noPackage_hasMoreClassesThanFitOneLook() {
        Map<String, Long> sizes = CLASSES.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes)
                .hasSizeGreaterThan(10)
                .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MOST_CLASSES));
    }

    @Test
    void noClass_isLongerThanItCanBeRead() {
        List<Path> sources = RouteFiles.files("src/main/java", ".java");

        assertThat(sources)
                .isNotEmpty()
                .allSatisfy(source -> assertThat(RouteFiles.text(source).lines().count())
                        .as("%s", source)
                        .isLessThanOrEqualTo(MOST_LINES));
    }

    @Test
    void everyPackage_saysWhatItIs() {
        assertThat(RouteFiles.files("src/main/java", ".java").stream()
                        .map(Path::getParent)
                        .distinct())
                .allSatisfy(folder ->
                        assertThat(folder.resolve("package-info.java")).exists());
    }
}
