package dev.writ.broker.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the documents of a folder. */
final class FolderReader {
  private FolderReader() {}

  static FolderContent read(Path folder, List<String> suffixes, ContentCache cache) {
    if (!Files.exists(folder)) {
      return new FolderContent.Missing();
    }
    try {
      List<Path> documents = documents(folder, suffixes);
      if (documents.size() > FolderContent.FILES_MAX) {
        return new FolderContent.Unreadable("more than " + FolderContent.FILES_MAX + " documents");
      }
      cache.keep(new HashSet<>(documents));
      SortedMap<String, FileContent> contents = new TreeMap<>();
      documents.forEach(file -> contents.put(String.valueOf(file.getFileName()), cache.read(file)));
      // Removed between being listed and being read: it is gone, not broken.
      contents.values().removeIf(content -> content instanceof FileContent.Missing);
      return new FolderContent.Documents(contents);
    } catch (IOException | DirectoryIteratorException e) {
      return new FolderContent.Unreadable("cannot be listed: " + e.getClass().getSimpleName());
    }
  }

  private static List<Path> documents(Path folder, List<String> suffixes) throws IOException {
    List<Path> documents = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, entry -> isDocument(entry, suffixes))) {
      entries.forEach(documents::add);
    }
    return documents;
  }

  private static boolean isDocument(Path entry, List<String> suffixes) {
    String name = String.valueOf(entry.getFileName());
    return !name.startsWith(".")
        && suffixes.stream().anyMatch(name::endsWith)
        && !Files.isDirectory(entry);
  }
}
