/**
 * What exchanges are judged by: the current policies, the owners and who of them is on duty, and
 * the keys that are trusted. A node holds a snapshot of all three; each change has a sequence in
 * the ledger, and whatever was judged by an older snapshot is judged again.
 */
@NullMarked
package dev.writ.broker.authority;

import org.jspecify.annotations.NullMarked;
