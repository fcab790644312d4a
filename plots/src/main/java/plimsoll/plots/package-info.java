@NullMarked
package plimsoll.plots;

import org.jspecify.annotations.NullMarked;
