/**
 * GitHub as a target: asks for installation tokens by repository ids, compares what came back with
 * what was asked, and ends tokens. Everything that is sent names both repositories and permissions,
 * since GitHub reads an absent or empty list as "all".
 */
@NullMarked
package dev.writ.broker.github;

import org.jspecify.annotations.NullMarked;
