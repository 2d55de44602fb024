/**
 * The append-only record and the one door into it. A row goes in only if, at that instant and in
 * the order of all nodes, its agent may have what the row says; so an append is at once the record
 * and the permission.
 */
@NullMarked
package dev.writ.broker.ledger;

import org.jspecify.annotations.NullMarked;
