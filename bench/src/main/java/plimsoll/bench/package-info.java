@NullMarked
package plimsoll.bench;

import org.jspecify.annotations.NullMarked;
