@NullMarked
package plimsoll.analyses;

import org.jspecify.annotations.NullMarked;
