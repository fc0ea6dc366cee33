package dev.sardonyx.compiler.zoo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The names that people have for the networks of {@link ModelZoo}, beside the names that they have there. */
final class ShortNames {

    /** Where a suffix is written without its hyphen: {@code resnet50v2}, {@code vgg16bn}. */
    private static final Pattern JOINED_SUFFIX = Pattern.compile("(?<=\\d)(?=(v2|bn|[abc])$)");

    private final Map<String, String> canonical = new LinkedHashMap<>();

    /**
     * @param imageNetDepths of ResNets for ImageNet
     * @param cifarDepths of those for CIFAR, all of them others
     */
    ShortNames(List<Integer> imageNetDepths, List<Integer> cifarDepths) {
        for (int depth : imageNetDepths) {
            canonical.put("preact" + depth, "resnet" + depth + "-v2");
        }
        canonical.put("resnet34-b", "resnet34");
        for (int depth : cifarDepths) {
            String asPublished = "cifar-resnet" + depth + "-a";
            canonical.put("resnet" + depth, asPublished);
            canonical.put("cifar-resnet" + depth, asPublished);
            for (String option : List.of("a", "b", "c")) {
                canonical.put("resnet" + depth + "-" + option, "cifar-resnet" + depth + "-" + option);
            }
            String preActivation = "cifar-preact" + depth;
            canonical.put("preact" + depth, preActivation);
            canonical.put("resnet" + depth + "-v2", preActivation);
            canonical.put("cifar-resnet" + depth + "-v2", preActivation);
            canonical.put("plain" + depth, "cifar-plain" + depth);
        }
    }

    /** The network's own name, if {@code name} is known in any case, with hyphens or underscores or joined; else as it is. */
    String canonical(String name) {
        String hyphens = name.toLowerCase(Locale.ROOT).replace('_', '-');
        String separated = JOINED_SUFFIX.matcher(hyphens).replaceFirst("-");
        return canonical.getOrDefault(separated, separated);
    }

    /** What the user may have meant: the name that takes the fewest letters to change, short or not. */
    String closest(String name, Collection<String> names) {
        String wanted = name.toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> all = new ArrayList<>(names);
        all.addAll(canonical.keySet());
        return all.stream()
                .min(Comparator.comparingInt(known -> distance(wanted, known)))
                .orElseThrow();
    }

    /** Levenshtein's: how many letters must be added, removed or replaced. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
