package plimsoll.cli;

/**
 * {@code KEY=VALUE} as typed: the first {@code =} outside brackets parts them, so that a scope such as {@code [= /export]} stays whole and
 * the value may hold more of them. An immutable value.
 */
record KeyValue(String key, String value) {
    /** Throws {@link IllegalArgumentException} where there is no {@code =} or nothing before it; {@code form} says what is wanted. */
    static KeyValue parse(String option, String text, String form) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '[' -> depth++;
                case ']' -> depth--;
                case '=' -> {
                    if (depth <= 0 && i > 0) {
                        return new KeyValue(text.substring(0, i).strip(), text.substring(i + 1));
                    }
                }
                default -> {}
            }
        }
        throw new IllegalArgumentException(option + " '" + text + "': write " + form);
    }
}
