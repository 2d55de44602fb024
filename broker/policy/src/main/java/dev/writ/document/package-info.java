/**
 * Documents that people write (YAML) and programs send (JSON), read strictly: a tree in which every
 * node knows its place, and a reader on top that collects all the problems of a document at once.
 * No I/O: text in, values out.
 */
@NullMarked
package dev.writ.document;

import org.jspecify.annotations.NullMarked;
