using System.Diagnostics;
using System.Globalization;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// Which process stops the server at its end: the one that started it. When that one was killed, the next that finds the server takes it over.
/// </summary>
internal sealed class ServerOwner(string path)
{
    // A process' start is computed from the machine's start, which clock adjustments move a little.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    public bool IsAlive()
    {
        try
        {
            string[] parts = File.ReadAllText(path).Split(' ');
            using var process = Process.GetProcessById(int.Parse(parts[0], CultureInfo.InvariantCulture));
            var started = DateTime.Parse(parts[1], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
            return !process.HasExited && (process.StartTime.ToUniversalTime() - started).Duration() < Tolerance;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException or IndexOutOfRangeException or InvalidOperationException)
        {
            return false;
        }
    }

    public void Take()
    {
        using var self = Process.GetCurrentProcess();
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{self.Id} {self.StartTime.ToUniversalTime():O}"));
    }

    public void Leave() => File.Delete(path);
}
