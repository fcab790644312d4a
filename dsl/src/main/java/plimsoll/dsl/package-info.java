@NullMarked
package plimsoll.dsl;

import org.jspecify.annotations.NullMarked;
