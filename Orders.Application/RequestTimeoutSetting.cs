namespace Orders.Application;

/// <summary>How long a request may take in all.</summary>
public static class RequestTimeoutSetting
{
    public const string Key = "Orders:RequestTimeout";

    /// <exception cref="StartupException">It is not a duration within the bounds.</exception>
    public static TimeSpan Read(string? text) =>
        DurationSetting.Read(Key, text, TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
}
