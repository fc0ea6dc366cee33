package dev.sardonyx.compiler.graph;

import dev.sardonyx.runtime.ElementType;
import java.util.Locale;

/** Element type and shape of a value. */
public record TensorType(ElementType element, Shape shape) {

    public static TensorType float32(int... dims) {
        return new TensorType(ElementType.FLOAT32, Shape.of(dims));
    }

    public TensorType withShape(Shape other) {
        return new TensorType(element, other);
    }

    @Override
    public String toString() {
        return element.name().toLowerCase(Locale.ROOT) + shape;
    }
}
