/**
 * Writs after their issue: finding them, telling what became of them, and ending them. Writing new
 * ones is the ledger's alone.
 */
@NullMarked
package dev.writ.broker.writ;

import org.jspecify.annotations.NullMarked;
