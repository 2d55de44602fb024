package dev.writ.broker.watch;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the documents in a folder say at one moment. Equal contents are equal. */
public sealed interface FolderContent {
  int FILES_MAX = 10_000;

  /** By file name, in its order; hidden files, other suffixes and folders below are left out. */
  record Documents(SortedMap<String, FileContent> files) implements FolderContent {
    public Documents {
      files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
  }

  /** There is no such folder. */
  record Missing() implements FolderContent {}

  /** It is there, but cannot be listed. */
  record Unreadable(String why) implements FolderContent {}

  /**
   * Reads a folder as it is now.
   *
   * @param suffixes of the documents' names, such as {@code .yaml}
   */
  static FolderContent of(Path folder, List<String> suffixes) {
    return FolderReader.read(folder, suffixes, new ContentCache());
  }
}
