namespace Weather.Web;

using System.Text;

public static class Pages
{
    public static string Render(this Probe probe) => probe.Name;
}

public enum Level { Low, High }
