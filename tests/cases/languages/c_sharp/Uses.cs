class Station
{
    int Sum(IEnumerable<Probe> probes, ref int start, Func<int, Units.Scale> scale)
    {
        var total = new List<int>();
        Probe first = probes.First(), second;
        foreach (var probe in probes) { total.Add(probe.Read<int>(Limit)); }
        foreach (var (name, value) in table) { Use(name); }
        for (int i = 0; i < 3; i++) Step(i);
        if (first is Wired wired && table.TryGetValue("a", out var found)) { wired.Plug(found); }
        using (var file = Open()) { file.Close(); }
        using var stream = Open();
        try { Step(1); } catch (IOException error) when (error.Fatal) { Log(error.Message); }
        Func<int, int> twice = raw => raw * 2;
        var text = first switch { Wired inner => inner.Name, _ => nameof(Station) };
        var query = from item in total where item > start select item;
        this.Reset();
        first?.Stop();
        return Weather.Core.Units.Convert(typeof(Station), (Celsius)start) + Math.PI;
    }
}
