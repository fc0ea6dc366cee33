package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins each call with those that it alone reads, and those that they alone read, where a rule says how. */
final class ChainFusion {

    /** How two calls become one. */
    @FunctionalInterface
    interface Rule {
        /** The call that does what {@code first} and then {@code second} do; second alone reads first's output, once. */
        Optional<Call> join(Call first, Call second);
    }

    private final Rule rule;
    private final Readers readers;
    /** What is left of the calls so far, by output, in order. */
    private final Map<Buffer, Call> calls = new LinkedHashMap<>();

    private ChainFusion(Rule rule, Readers readers) {
        this.rule = rule;
        this.readers = readers;
    }

    static Program apply(Program program, Rule rule) {
        ChainFusion fusion = new ChainFusion(rule, new Readers(program));
        for (Call call : program.calls()) {
            fusion.calls.put(call.output(), fusion.join(call));
        }
        return new Program(program.inputs(), program.outputs(), program.buffers(), List.copyOf(fusion.calls.values()));
    }

    private Call join(Call call) {
        Call joined = call;
        Deque<Operand> pending = new ArrayDeque<>(call.operands());
        while (!pending.isEmpty()) {
            if (pending.remove() instanceof Operand.Variable(Buffer buffer) && readers.isReadOnce(buffer)) {
                Call first = calls.get(buffer);
                Optional<Call> both = first != null && Origins.mayJoin(first.origins(), joined.origins())
                        ? rule.join(first, joined)
                        : Optional.empty();
                if (first != null && both.isPresent()) {
                    joined = both.get();
                    calls.remove(buffer);
                    pending.addAll(first.operands());
                }
            }
        }
        return joined;
    }
}
