package plimsoll.telemetry;

/**
 * Rows in groups of which all have the same cells in some columns: each row has the number of its group, in the order in which the
 * groups first occur. Not thread-safe.
 */
final class Groups {
    /** Up to this many combinations are looked up by index, more by hash. */
    private static final int DIRECT = 1 << 16;

    private static final int PIECE = 1 << 10;

    private final int[] group;
    private int count;

    /** All rows in one group. */
    Groups(int rows) {
        group = new int[rows];
        count = Math.min(1, rows);
    }

    /** Divides the groups by the cells of one more column, in which {@code empty} is the same as a missing cell. */
    void by(Cells cells, long empty) {
        long[] piece = new long[PIECE];
        var numbers = new Numbers();
        var pairs = new Numbers();
        for (int at = 0; at < group.length; at += PIECE) {
            int rows = Math.min(PIECE, group.length - at);
            cells.get(at, piece, rows);
            for (int i = 0; i < rows; i++) {
                long cell = piece[i] == empty ? Cells.MISSING : piece[i];
                // what has been one group so far needs no number for the pair
                int number = numbers.of(cell);
                group[at + i] = count <= 1 ? number : pairs.of((long) group[at + i] << 32 | number);
            }
        }
        count = count <= 1 ? numbers.size : pairs.size;
    }

    /** The first row of each group. */
    int[] firstRows() {
        int[] first = new int[count];
        for (int row = group.length - 1; row >= 0; row--) {
            first[group[row]] = row;
        }
        return first;
    }

    /** How many rows are in each group. */
    long[] counts() {
        long[] counts = new long[count];
        for (int g : group) {
            counts[g]++;
        }
        return counts;
    }

    /** Numbers values in the order in which they come: small ones by index, the others by open addressing. */
    private static final class Numbers {
        private final int[] direct = new int[DIRECT];
        private long[] keys = new long[16];
        private int[] values = new int[16];
        private int hashed;
        private int size;

        private int of(long value) {
            if (value >= 0 && value < DIRECT) {
                int i = (int) value;
                if (direct[i] == 0) {
                    direct[i] = ++size;
                }
                return direct[i] - 1;
            }
            if (2 * hashed >= keys.length) {
                grow();
            }
            int at = place(value);
            if (values[at] == 0) {
                keys[at] = value;
                values[at] = ++size;
                hashed++;
            }
            return values[at] - 1;
        }

        private int place(long value) {
            long h = value * 0x9e3779b97f4a7c15L;
            int at = (int) (h >>> 32) & (keys.length - 1);
            while (values[at] != 0 && keys[at] != value) {
                at = (at + 1) & (keys.length - 1);
            }
            return at;
        }

        private void grow() {
            long[] oldKeys = keys;
            int[] oldValues = values;
            keys = new long[2 * oldKeys.length];
            values = new int[keys.length];
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldValues[i] != 0) {
                    int at = place(oldKeys[i]);
                    keys[at] = oldKeys[i];
                    values[at] = oldValues[i];
                }
            }
        }
    }
}
