package dev.sardonyx.runtime.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The header of an NPY file: a Python dictionary literal such as
 * <code>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (1, 3), }</code>.
 *
 * @param descr the element type in NumPy's notation
 * @param fortranOrder whether the first dimension varies fastest
 * @param shape the dimensions
 */
record NpyHeader(String descr, boolean fortranOrder, List<Integer> shape) {

    /** More dimensions than NumPy itself allows. */
    private static final int MOST_DIMENSIONS = 64;

    /**
     * @throws UsageException if {@code text} is no such header; the message does not name the file
     */
    static NpyHeader parse(String text) {
        return new Parser(text).header();
    }

    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        NpyHeader header() {
            String descr = "";
            String order = "";
            List<Integer> shape = List.of();
            int seen = 0;
            expect('{');
            while (!accept('}')) {
                String key = quoted();
                expect(':');
                switch (key) {
                    case "descr" -> {
                        descr = peek() == '[' ? "structured" : quoted();
                        seen |= 1;
                    }
                    case "fortran_order" -> {
                        order = word();
                        seen |= 2;
                    }
                    case "shape" -> {
                        shape = tuple();
                        seen |= 4;
                    }
                    default -> throw malformed("unknown key '" + key + "'");
                }
                if (descr.equals("structured")) {
                    throw new UsageException("structured arrays are not supported");
                }
                if (!accept(',') && peek() != '}') {
                    throw malformed("',' or '}' expected at character " + at);
                }
            }
            if (seen != 7) {
                throw malformed("it needs descr, fortran_order and shape");
            }
            if (!order.equals("True") && !order.equals("False")) {
                throw malformed("fortran_order is neither True nor False");
            }
            return new NpyHeader(descr, order.equals("True"), shape);
        }

        private List<Integer> tuple() {
            List<Integer> dims = new ArrayList<>();
            expect('(');
            while (!accept(')')) {
                dims.add(dimension());
                if (dims.size() > MOST_DIMENSIONS) {
                    throw malformed("more than " + MOST_DIMENSIONS + " dimensions");
                }
                if (!accept(',') && peek() != ')') {
                    throw malformed("',' or ')' expected at character " + at);
                }
            }
            return dims;
        }

        private int dimension() {
            String digits = word();
            if (digits.endsWith("L")) { // as Python 2 wrote long integers
                digits = digits.substring(0, digits.length() - 1);
            }
            try {
                int value = Integer.parseInt(digits);
                if (value >= 0) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // reported below
            }
            throw malformed("'" + digits + "' is no dimension");
        }

        private String quoted() {
            char quote = peek();
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw malformed("a quoted string expected at character " + at);
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private String word() {
            peek();
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
                at++;
            }
            return text.substring(start, at);
        }

        private void expect(char c) {
            if (!accept(c)) {
                throw malformed("'" + c + "' expected at character " + at);
            }
        }

        private boolean accept(char c) {
            if (peek() != c) {
                return false;
            }
            at++;
            return true;
        }

        /** The next character that is no space; NUL at the end. */
        private char peek() {
            while (at < text.length() && text.charAt(at) <= ' ') {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private UsageException malformed(String rule) {
            return new UsageException("malformed NPY header: " + rule);
        }
    }
}
