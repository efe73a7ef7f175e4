namespace Orders.Tests.Support;

/// <summary>The checkout that the tests were built in.</summary>
internal static class SourceTree
{
    /// <summary>The folder of the solution. (A path from the compiler would not work, because deterministic builds rewrite it.)</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orders.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"The tests must run in a checkout: no folder above {AppContext.BaseDirectory} holds Orders.sln.");
    }
}
