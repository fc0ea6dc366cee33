/**
 * ONNX files: reading them into a {@link dev.sardonyx.compiler.graph.Graph} and writing them. The only package that knows the
 * protobuf classes. Whatever a file holds is data: every size is checked before memory is taken for it, nothing outside the
 * model's folder is opened, and every refusal is one line that names the file, the node and the rule.
 */
@NullMarked
package dev.sardonyx.compiler.onnx;

import org.jspecify.annotations.NullMarked;
