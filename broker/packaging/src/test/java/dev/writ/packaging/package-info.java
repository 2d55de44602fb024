/**
 * What Writ is installed by, tried as its users will: the archive is built, unpacked and run, the
 * chart rendered by Helm and judged by Kubernetes' own description, the units by systemd, the
 * machine's configuration by cloud-init.
 */
@NullMarked
package dev.writ.packaging;

import org.jspecify.annotations.NullMarked;
