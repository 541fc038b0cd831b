// Wetterstation für Höhenlagen: „Ωmega“.
using System;
using static System.Math;
global using Weather.Units;
using Table = System.Collections.Generic.Dictionary<string, int>;

namespace Weather.Core
{
    /// <summary>Measures.</summary>
    [Serializable]
    public abstract partial class Probe<T> : Base<T>, IProbe, Units.IScaled where T : class, new()
    {
        private readonly int _pin = 1, _next;
        public const string Prefix = "probe";
        public event EventHandler<int> Changed;
        public event EventHandler Custom { add { } remove { } }

        /// <summary>What it is called.</summary>
        public string? Name { get; set; } = "north";
        public int Count => _pin;
        public T this[int index] { get => default; }

        public Probe(int pin) : base(pin)
        {
            _pin = pin;
        }

        ~Probe() { }

        [Obsolete("slow")]
        public async Task<int> ReadAsync<U>(U item, params string[] names) where U : struct
        {
            var local = 1;
            int Inner(int value) { return value; }
            return await Task.FromResult(Inner(local));
        }

        public abstract void Stop();
        public int Twice(int value) => value * 2;
        public static Probe<T> operator +(Probe<T> left, Probe<T> right) => left;
        void IProbe.Reset() { }

        enum State { On, Off = 2 }
        public delegate void Handler(object sender);
#if DEBUG
        public int Traced;
#endif
    }

    public record Point(int X, int Y) : Shape(X);
    public record struct Size { public int Width { get; init; } }
    public interface IProbe : IDisposable { int Pin { get; } void Reset(); }
    internal struct Raw { }
    public class Service(ILogger logger) : Base(logger) { }
}
