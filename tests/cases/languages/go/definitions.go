// Package station reads weather stations.
//
// It keeps what it has read.
package station

import "errors"

// ErrClosed is what a closed station answers.
var ErrClosed = errors.New("station: closed")

// Kinds of readings.
const (
	KindWind Kind = iota
	KindRain      // in millimetres
	KindSnow
)

const (
	maxReadings         = 512
	low, high   float64 = -40, 60
)

var (
	defaultName        = "unnamed"
	opened, closed int = 1, 2
	table              = map[string]Kind{"wind": KindWind}
	_           Source = (*Station)(nil)
)

// Kind is what was measured.
type Kind int

// Celsius is another name of float64.
type Celsius = float64

type (
	// Handler is told of every reading.
	Handler func(r Reading) error

	Readings []Reading
)

// Source is where readings come from.
type Source interface {
	Closer
	io.Reader

	// Next returns the next reading.
	Next() (Reading, error)
	Name() string
}

// Number is a constraint.
type Number interface {
	~int | ~float64
}

// Station is one place that measures.
type Station struct {
	Base
	*Logger
	sync.Mutex
	Cache[string]

	// Name is shown to people.
	Name      string `json:"name"`
	lat, long float64
	onRead    func(r Reading) error
	inner     struct {
		count int
	}
}

// Pair holds two values.
type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

// New returns a station that is called name.
func New(name string, options ...Option) (*Station, error) {
	type local struct{ n int }
	limit := 3
	return &Station{Name: name}, nil
}

// Read returns the newest reading.
func (s *Station) Read() Reading {
	s.lat = 0
	return Reading{}
}

func (Kind) String() string { return "kind" }

// Swap turns the pair around.
func (p *Pair[K, V]) Swap() Pair[V, K] {
	return Pair[V, K]{p.Value, p.Key}
}

func Map[T, U any](items []T, f func(T) U) []U {
	return nil
}

func assemblyBody(x int) int

func init() {}
