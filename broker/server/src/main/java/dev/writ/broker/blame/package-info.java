/** Blame: from a credential, or an agent and an instant, to who held it and who answers for it. */
@NullMarked
package dev.writ.broker.blame;

import org.jspecify.annotations.NullMarked;
