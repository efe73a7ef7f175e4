using System.Globalization;

namespace Orders.Api.Configuration;

/// <summary>How many files and sockets the process may have open at a time (<c>ulimit -n</c>).</summary>
internal static class DescriptorLimit
{
    private const string Limits = "/proc/self/limits";
    private const string Name = "Max open files";

    /// <summary>Null where the system has no limit, or does not tell it.</summary>
    public static int? Current => File.Exists(Limits) ? Find(File.ReadLines(Limits)) : null;

    /// <summary>Finds it in a line such as <c>Max open files            1024                 524288               files</c>.</summary>
    internal static int? Find(IEnumerable<string> lines)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? (int)long.Min(limit, int.MaxValue)
            : null;
    }
}
