package plimsoll.telemetry;

/** Is told how far the reading of a capture is. */
@FunctionalInterface
public interface Progress {
    /** Nobody watches. */
    Progress NONE = (file, files, path) -> {};

    /** File number {@code file}, from 1, of {@code files} is taken up: {@code path}. */
    void at(int file, int files, String path);
}
