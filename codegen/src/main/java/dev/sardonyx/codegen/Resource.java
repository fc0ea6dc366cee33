package dev.sardonyx.codegen;

/**
 * A file that goes into the jar beside the generated classes.
 *
 * @param name its name, without a path
 * @param content its bytes; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Resource(String name, byte[] content) {}
