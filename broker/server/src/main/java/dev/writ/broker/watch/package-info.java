/**
 * Files and folders that people edit while the broker runs. They are polled, because notifications
 * are lost on network file systems and by the way Kubernetes swaps mounted files, and judged by
 * content, so that a touched file is no news.
 */
@NullMarked
package dev.writ.broker.watch;

import org.jspecify.annotations.NullMarked;
