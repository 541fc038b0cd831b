//go:build linux

/*
Package quiet says little: 5 °C, 🌦.
*/
package quiet

// not about the constant below

const lonely = 1

// This one is,
// over two lines.
const told = 2 // and this is not

/* Blocks count. */
func counted() {
	// inside
}

var (
	// inner documentation
	first = 1
	second = 2 // trailing
)
