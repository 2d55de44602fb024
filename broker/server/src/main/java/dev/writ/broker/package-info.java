@NullMarked
package dev.writ.broker;

import org.jspecify.annotations.NullMarked;
