/** What the documents say is so, and the demo runs. */
@NullMarked
package dev.writ.broker.docs;

import org.jspecify.annotations.NullMarked;
