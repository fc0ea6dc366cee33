package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import javax.lang.model.element.Modifier;

/** The Vector API's classes, by name: Sardonyx itself runs without the incubator module. */
final class VectorNames {

    static final ClassName FLOAT_VECTOR = ClassName.get("jdk.incubator.vector", "FloatVector");
    static final ClassName OPERATORS = ClassName.get("jdk.incubator.vector", "VectorOperators");
    private static final ClassName SPECIES = ClassName.get("jdk.incubator.vector", "VectorSpecies");

    private VectorNames() {}

    /** A constant with the species of the given width. */
    static FieldSpec species(String name, ClassName vector, Class<?> element, int bits) {
        return FieldSpec.builder(
                        ParameterizedTypeName.get(SPECIES, ClassName.get(element)),
                        name,
                        Modifier.PRIVATE,
                        Modifier.STATIC,
                        Modifier.FINAL)
                .initializer("$T.SPECIES_$L", vector, bits)
                .build();
    }
}
